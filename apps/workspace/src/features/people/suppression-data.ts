import { queries } from '../../platform/api.ts'

/** Reads the list of addresses that are not written to anew. */
export function readSuppressions(): void {
  void queries.invalidateQueries({ queryKey: ['suppressions'] })
}
