import type { Socket } from "bun";

/** Takes mail as any SMTP server does (RFC 5321, the least of it) and keeps what came. */
export function startMailServer(hostname: string, port: number) {
  const mails: string[] = [];
  const open = new WeakMap<Socket, string>();
  const server = Bun.listen({
    hostname,
    port,
    socket: {
      open: (socket) => void socket.write("220 here\r\n"),
      data: (socket, bytes) => {
        const text = bytes.toString("utf8");
        const mail = open.get(socket);
        if (mail !== undefined) {
          if (!`${mail}${text}`.endsWith("\r\n.\r\n")) return void open.set(socket, mail + text);
          open.delete(socket);
          mails.push(mail + text);
          return void socket.write("250 kept\r\n");
        }
        if (/^DATA/i.test(text)) {
          open.set(socket, "");
          return void socket.write("354 go on\r\n");
        }
        return void socket.write(/^QUIT/i.test(text) ? "221 bye\r\n" : "250 ok\r\n");
      },
    },
  });
  return { mails, stop: () => server.stop(true) };
}
