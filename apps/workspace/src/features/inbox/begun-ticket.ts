/** A ticket that a member is about to begin. */
export type BegunTicket = {
  by: 'member' | 'customer'
  name: string
  address: string
  subject: string
  text: string
  /** The own address from which it leaves; empty: the usual one. */
  sentFrom: string
}
export const nothingBegun: BegunTicket = { by: 'member', name: '', address: '', subject: '', text: '', sentFrom: '' }

/** What was begun and left stays here, so that a key pressed by mistake loses nothing. */
let begun = nothingBegun

export function begunTicket(): BegunTicket {
  return begun
}

export function keepBegun(form: BegunTicket): void {
  begun = form
}
