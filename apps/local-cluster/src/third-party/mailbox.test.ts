import { afterAll, expect, test } from "bun:test";
import { until } from "../testing/until.ts";
import { openMailbox } from "./mailbox.ts";

const mailbox = openMailbox();
afterAll(() => mailbox.stop());

/** Sends the parts one by one, each as one write, and gives all that is answered until the other end closes. */
async function talk(...parts: readonly string[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let answers = "";
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: mailbox.port,
    socket: {
      data: (_, bytes) => {
        answers += bytes.toString();
      },
      close: () => resolve(answers),
    },
  });
  await until("it greets", () => answers.startsWith("220 "));
  for (const part of parts) {
    socket.write(part);
    await Bun.sleep(1);
  }
  return promise;
}

const MAIL = "EHLO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n";

test("a mailbox takes a mail and tells its subject", async () => {
  const before = mailbox.state().count;
  const answers = await talk(
    MAIL,
    "From: a\r\nSubject: [FIRING:1] Slow\r\n\r\nSubject: body\r\nQUIT\r\n",
    "..\r\n.\r\n",
    "QUIT\r\n",
  );
  expect([...answers.matchAll(/^\d+/gm)].join(" ")).toBe("220 250 250 250 354 250 221");
  expect(mailbox.state()).toEqual({ count: before + 1, newest: "[FIRING:1] Slow" });
});

test("a mailbox takes two mails of one connection, byte by byte", async () => {
  const before = mailbox.state().count;
  const mail = "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\nSubject: again\r\n\r\n.\r\n";
  await talk(...`${mail}${mail.replace("Subject: again", "To: b")}quit\r\n`);
  expect(mailbox.state()).toEqual({ count: before + 2, newest: "(no subject)" });
});

test.each([
  ["an encoded word", "=?utf-8?q?=5BFIRING=3A1=5D_Stra=C3=9Fe?=", "[FIRING:1] Straße"],
  ["more than one line", "one\r\n two\r\n\t=?utf-8?b?w6Q=?=\r\nTo: b\r\n c", "one two\tä"],
  ["plain UTF-8", "Stra\u00dfe \u263a", "Straße ☺"],
  ["many characters", `=?utf-8?q?${"=F0=9F=90=A4".repeat(300)}?=`, "🐤".repeat(200)],
])("a mailbox reads a subject of %s", async (_, subject, expected) => {
  await talk(`${MAIL}Subject: ${subject}\r\n\r\n x\r\n.\r\nQUIT\r\n`);
  expect(mailbox.state().newest).toBe(expected);
});

test("a mailbox does not know STARTTLS or AUTH, and ends who sends no line", async () => {
  expect(await talk("STARTTLS\r\nAUTH PLAIN\r\n", "x".repeat(70_000))).toBe(
    "220 hookline mailbox\r\n502 not known\r\n502 not known\r\n500 line too long\r\n",
  );
});
