/** @jsxImportSource hono/jsx */
/** A drawing for wide screens: a float on the water, and a link on the hook below it. */
export function Tackle() {
  return (
    <svg class="tackle" viewBox="0 0 260 176" aria-hidden="true" focusable="false">
      <path class="water-line" d="M2 58q16-9 32 0t32 0 32 0 32 0 32 0 32 0 32 0 32 0" />
      <path class="thread" d="M168 0v40M168 70v50a17 17 0 1 1-34 0v-10l9 8" />
      <circle class="buoy" cx="168" cy="56" r="14" />
      <path class="buoy-top" d="M154 56a14 14 0 0 1 28 0Z" />
      <g class="bait">
        <rect x="18" y="100" width="106" height="32" rx="8" />
        <circle cx="36" cy="116" r="4.5" />
        <path d="M50 116h60" />
      </g>
    </svg>
  );
}
