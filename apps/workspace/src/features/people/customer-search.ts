/** What the list of customers shows stands in its address. */
export type CustomerSearch = { find?: string }

export function readCustomerSearch({ find }: Record<string, unknown>): CustomerSearch {
  return typeof find === 'string' && find !== '' ? { find: find.slice(0, 200) } : {}
}
