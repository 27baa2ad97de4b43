import style from "../web/page.css" with { type: "text" };

/** The stylesheet that every page of ours begins with: colours, typefaces and what they are put on. */
export const PAGE_STYLE: string = style;
