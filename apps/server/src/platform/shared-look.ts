/**
 * Lets those who ask while a look is under way share the next one: what was so before they asked is in what they see.
 */
export function sharedLook<T>(look: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const begin = (): Promise<T> => {
    next = undefined
    const own = look()
    running = own
    const end = () => void (running === own && (running = undefined))
    own.then(end, end)
    return own
  }
  return () => {
    if (next) return next
    if (!running) return begin()
    return (next = running.then(begin, begin))
  }
}
