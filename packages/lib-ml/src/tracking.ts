import { EMPTY_SPAN, type Span, SpanBuilder } from "./span.ts";

// Parameters that name the campaign a click came from and never what is shown: the vendors' own
// (Google, Meta, Microsoft, Yandex, X, TikTok, Mailchimp, HubSpot, Marketo, Vero, Omeda).
const NAMES =
  "utm_[a-z_]+|gclid|gclsrc|dclid|gbraid|wbraid|_gl|_ga|fbclid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|vero_id|vero_conv|oly_anon_id|oly_enc_id";
const ANY = new RegExp(`(?:^|&)(?:${NAMES})(?:=|&|$)`, "i");
const ONE = new RegExp(`^(?:${NAMES})(?:=|$)`, "i");

/** A query without tracking parameters; the order of the others stays. */
export function dropTracking(query: Span): Span {
  if (query.text === "" || !ANY.test(query.text)) return query;
  const built = new SpanBuilder();
  let from = 0;
  let first = true;
  for (const parameter of query.text.split("&")) {
    const to = from + parameter.length;
    if (!ONE.test(parameter)) {
      // The separator of a parameter is the one before it.
      built.copy(query, first ? from : from - 1, to);
      first = false;
    }
    from = to + 1;
  }
  const kept = built.build();
  return kept.text === "" ? EMPTY_SPAN : kept;
}
