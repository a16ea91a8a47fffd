/** Bears the id of the mailbox in every mail that one sends: what comes back with it opens nothing. */
export const loopHeader = 'X-Lahko-Loop'
