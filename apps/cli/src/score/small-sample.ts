/** Under so many answers a figure is marked as one of a small sample. */
export const smallSample = 30
