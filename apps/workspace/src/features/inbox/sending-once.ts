import { useRef } from 'react'

/** Keys of what is sent: the same content sent again is the same, whatever became of the first attempt. */
export function useSendingOnce() {
  const attempt = useRef<{ of: string; key: string }>(undefined)
  return {
    keyOf: (content: unknown) => {
      const of = JSON.stringify(content)
      if (attempt.current?.of !== of) attempt.current = { of, key: newKey() }
      return attempt.current.key
    },
    /** It has arrived: the same words are another message from now on. */
    next: () => void (attempt.current = undefined),
  }
}

/** Pages without TLS have no `randomUUID`. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
