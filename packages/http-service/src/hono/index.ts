export { type AnsweredError, answerErrors } from "./answer-errors.ts";
export { guardPage } from "./guard-page.ts";
export { type HttpAnswer, observeAnswers } from "./observe-answers.ts";
export { probeRoutes } from "./probe-routes.ts";
