/** @jsxImportSource hono/jsx */
/** What a newcomer reads while the page is still empty. */
export function HowItWorks() {
  return (
    <ol class="how">
      <li>
        <h2>You guess</h2>
        <p>
          Paste a link from a message, look at it, and say what you think. That is the practice.
        </p>
      </li>
      <li>
        <h2>The model reads it</h2>
        <p>It knows addresses only: letters, words and their places, learnt from many examples.</p>
      </li>
      <li>
        <h2>You see why</h2>
        <p>A verdict, or an honest “unsure”, and the parts of the link that weighed.</p>
      </li>
    </ol>
  );
}
