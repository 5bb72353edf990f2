/** Queries of panels that may find nothing in what a healthy run sends, by a part of their text, with the reason. */
export const emptyInCapture: readonly { readonly part: string; readonly reason: string }[] = [];
