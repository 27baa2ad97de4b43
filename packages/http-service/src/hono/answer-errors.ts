import type { Context, Env, Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { type ErrorStatus, errorBody, MESSAGE, ServiceError, STATUS } from "../errors.ts";

/** An error as it is answered. */
export interface AnsweredError {
  readonly status: ErrorStatus;
  readonly code: string;
  /** For the caller. */
  readonly message: string;
}

interface AnswerErrorsOptions<E extends Env> {
  /** Writes the answer: JSON, unless a program has pages to show. */
  readonly tell?: (c: Context<E>, error: AnsweredError) => Response | Promise<Response>;
  /** Told of what nobody expected, of which the caller hears no word. */
  readonly onFault: (error: Error, c: Context<E>) => void;
}

/**
 * Gives an app its answers to a wrong path, a wrong method and whatever is thrown: the one place
 * that catches. To be called before the routes are added.
 */
export function answerErrors<E extends Env>(
  app: Hono<E>,
  { tell = tellJson, onFault }: AnswerErrorsOptions<E>,
): void {
  const answer = (
    c: Context<E>,
    code: "METHOD_NOT_ALLOWED" | keyof typeof MESSAGE,
    message: string,
  ) => tell(c, { status: STATUS[code], code, message });
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed(c, methods) {
        const allow = methods.join(", ");
        c.header("allow", allow);
        return answer(c, "METHOD_NOT_ALLOWED", `This path takes ${allow}`);
      },
    }),
  );
  app.notFound((c) => answer(c, "NOT_FOUND", MESSAGE.NOT_FOUND));
  app.onError((error, c) => {
    if (error instanceof ServiceError) {
      for (const [name, value] of Object.entries(error.headers)) {
        c.header(name, value);
      }
      return tell(c, error);
    }
    onFault(error, c);
    return answer(c, "INTERNAL", MESSAGE.INTERNAL);
  });
}

function tellJson(c: Context, { status, code, message }: AnsweredError): Response {
  return c.json(errorBody(code, message), status);
}
