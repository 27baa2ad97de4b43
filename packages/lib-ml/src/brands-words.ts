// Words that phishing names put beside a brand. The first list is after Kintis et al., "Hiding in
// Plain Sight: A Longitudinal Study of Combosquatting Abuse" (CCS 2017), with what feeds show today.

/** Words that make a name with any brand in it suspect. */
const BAIT = new Set(
  `2fa access account accounts activate activation active airdrop alert alerts appeal auth
  authenticate authentication authorization authorize billing blocked cancel cancellation cardverify
  case center client claim confirm confirmation confirme customer customers customerservice delivery
  desk disputes e-mail email facture form giveaway gift giftcard help helpdesk hotline id identity info
  information invoice kyc limited lock locked log login logins logon mail member members message
  mobile my notice notification notifications office365 onboarding online order orders otp page parcel
  password pay payment payments pin policy portal post prime promo protect protection recover recovery
  redelivery redirect refund refunds register renew renewal report resolution restore restricted
  restriction review reward rewards safe safety secure secured secureserver securite security server
  service services session settings sign signin signup ssl support supports suspend suspended
  suspension system team ticket token track tracking transfer unlock unusual update updates upgrade
  user users validate validation verif verification verified verify violation wallet warning web
  webmail webscr www`.split(/\s+/),
);

/** Words of the list that honest names hold as well; beside a brand that is a common word they say little. */
const MILD = new Set(
  `access active case center client desk form gift id info information log mail member members
  message mobile my office365 online order orders page pay pin policy portal post prime promo report
  review rewards safe server settings sign system team ticket token track transfer
  user users web www email store shop app`.split(/\s+/),
);

/** Whether a word beside a brand is bait; `strongly` leaves out words that honest names hold too. */
export function isBait(word: string, strongly: boolean): boolean {
  return BAIT.has(word) && !(strongly && MILD.has(word));
}

/** Whether the text is nothing but bait words and digits one after another (`securelogin24`). */
export function isAllBait(text: string, strongly: boolean): boolean {
  const letters = text.replace(/\d+/g, "");
  // reachable[i]: the first i letters are bait words.
  const reachable = [true];
  const strong = [!strongly];
  for (let end = 1; end <= letters.length; end += 1) {
    for (let start = 0; start < end; start += 1) {
      const word = letters.slice(start, end);
      if (reachable[start] !== true || !isBait(word, false)) continue;
      reachable[end] = true;
      strong[end] ||= strong[start] === true || isBait(word, true);
    }
  }
  return letters !== "" && reachable[letters.length] === true && strong[letters.length] === true;
}
