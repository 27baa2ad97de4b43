export {
  createRateTest,
  type RateTest,
  type RateTestOptions,
  type RateVerdict,
} from "./rate-test.ts";
export { createSignTest, type SignTest } from "./sign-test.ts";
export { type Interval, wilsonInterval } from "./wilson.ts";
