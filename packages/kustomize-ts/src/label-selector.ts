import { BuildError } from "./errors.ts";

type Requirement = (labels: ReadonlyMap<string, string>) => boolean;

const TOKEN = /\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+)/y;
const NAME = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

interface Tokens {
  readonly words: readonly string[];
  at: number;
}

/**
 * Reads a label selector of Kubernetes (`a=b,c!=d,e in (f,g),h,!i,n>1`) and gives its test; an
 * empty one is true for all. Throws for what Kubernetes does not read either.
 */
export function parseLabelSelector(selector: string): Requirement {
  if (selector === "") return () => true;
  const tokens: Tokens = { words: tokenize(selector), at: 0 };
  const requirements: Requirement[] = [];
  while (peek(tokens) !== "") {
    requirements.push(parseRequirement(tokens));
    const next = take(tokens);
    if (next === "") break;
    if (next !== ",") throw refuse(`found '${next}', expected: ',' or 'end of string'`);
    if (peek(tokens) === "" || isSymbol(peek(tokens))) {
      throw refuse(`found '${peek(tokens)}', expected: identifier after ','`);
    }
  }
  return (labels) => requirements.every((requirement) => requirement(labels));
}

function tokenize(selector: string): string[] {
  const words: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(selector); match !== null; match = TOKEN.exec(selector)) {
    words.push(match[1] ?? "");
  }
  return words;
}

function peek({ words, at }: Tokens): string {
  return words[at] ?? "";
}

function take(tokens: Tokens): string {
  return tokens.words[tokens.at++] ?? "";
}

function isSymbol(word: string): boolean {
  return word !== "!" && /^[=!(),<>]/.test(word);
}

function parseRequirement(tokens: Tokens): Requirement {
  const negated = peek(tokens) === "!";
  if (negated) take(tokens);
  const key = take(tokens);
  if (key === "" || isSymbol(key) || key === "!")
    throw refuse(`found '${key}', expected: identifier`);
  requireKey(key);
  const next = peek(tokens);
  if (next === "" || next === ",") return (labels) => labels.has(key) !== negated;
  if (negated) throw refuse(`found '${next}', expected: ',' or 'end of string'`);
  return parseComparison(tokens, key);
}

function parseComparison(tokens: Tokens, key: string): Requirement {
  const operator = take(tokens);
  switch (operator) {
    case "=":
    case "==": {
      const value = parseValue(tokens);
      return (labels) => labels.get(key) === value;
    }
    case "!=": {
      const value = parseValue(tokens);
      return (labels) => labels.get(key) !== value;
    }
    case "in":
    case "notin": {
      const values = parseValues(tokens);
      const wanted = operator === "in";
      return (labels) => (labels.has(key) && values.has(labels.get(key) ?? "")) === wanted;
    }
    case "<":
    case ">":
      return parseOrder(parseValue(tokens), key, operator === ">");
    default:
      throw refuse(`found '${operator}', expected: '=', '!=', '==', 'in', notin'`);
  }
}

function parseOrder(bound: string, key: string, greater: boolean): Requirement {
  const isInteger = (text: string | undefined) => text !== undefined && /^[+-]?\d+$/.test(text);
  if (!isInteger(bound)) throw refuse("for 'Gt', 'Lt' operators, the value must be an integer");
  return (labels) => {
    const value = labels.get(key);
    if (!isInteger(value)) return false;
    return greater ? Number(value) > Number(bound) : Number(value) < Number(bound);
  };
}

function parseValue(tokens: Tokens): string {
  const next = peek(tokens);
  if (next === "" || next === ",") return "";
  if (isSymbol(next) || next === "!") throw refuse(`found '${next}', expected: identifier`);
  take(tokens);
  return requireValue(next);
}

function parseValues(tokens: Tokens): Set<string> {
  const open = take(tokens);
  if (open !== "(") throw refuse(`found '${open}' expected: '('`);
  const values = new Set<string>();
  let expectsValue = true;
  for (;;) {
    const word = take(tokens);
    if (word === ")" || word === ",") {
      if (expectsValue) values.add("");
      expectsValue = true;
      if (word === ")") return values;
    } else if (word === "" || isSymbol(word) || word === "!" || !expectsValue) {
      throw refuse(`found '${word}', expected: ',' or ')'`);
    } else {
      values.add(requireValue(word));
      expectsValue = false;
    }
  }
}

function requireKey(key: string): void {
  const [name = "", prefix] = key.split("/").reverse();
  const valid =
    key.split("/").length <= 2 &&
    NAME.test(name) &&
    name.length <= 63 &&
    (prefix === undefined || (SUBDOMAIN.test(prefix) && prefix.length <= 253));
  if (!valid) throw refuse(`invalid label key "${key}"`);
}

function requireValue(value: string): string {
  if (NAME.test(value) && value.length <= 63) return value;
  throw refuse(`invalid label value: "${value}"`);
}

function refuse(problem: string): BuildError {
  return new BuildError("INVALID_SELECTOR", `unable to parse requirement: ${problem}`);
}
