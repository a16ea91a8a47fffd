/** How to open a ticket from outside of a component, such as from a message that takes something back. */
let open: ((id: string | undefined) => Promise<void>) | undefined

export function setOpener(opener: typeof open): void {
  open = opener
}

/** Opens a ticket in the list that is shown; without one, the list. */
export async function openTicket(id: string | undefined): Promise<void> {
  await open?.(id)
}
