/** `text`: what is put in, where that is known at once. */
export type Suggestion = { id: string; name: string; hint?: string; text?: string }

/** What may be meant by what is being typed; the field keeps the focus, and what Enter takes is read aloud. */
export function Suggestions(props: {
  label: string
  items: readonly Suggestion[]
  at: number
  onPick: (item: Suggestion) => void
}) {
  const { label, items, at, onPick } = props
  return (
    <section className="in-suggestions menu" aria-label={label}>
      {items.map((item, order) => (
        <button
          key={item.id}
          type="button"
          className="menu-item"
          tabIndex={-1}
          data-next={order === at || undefined}
          // The field would lose the focus before the press is over.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(item)}
        >
          <span>{item.name}</span>
          {item.hint && <span className="quiet">{item.hint}</span>}
        </button>
      ))}
      <span className="visually-hidden" aria-live="polite">
        {items[at]?.name}
      </span>
    </section>
  )
}
