type TabsProps<T extends string> = {
  label: string
  options: readonly (readonly [T, string])[]
  chosen: T
  onChoose: (one: T) => void
}

/** One of few, all in sight. */
export function Tabs<T extends string>({ label, options, chosen, onChoose }: TabsProps<T>) {
  return (
    <fieldset className="tabs" aria-label={label}>
      {options.map(([one, name]) => (
        <button key={one} type="button" aria-current={one === chosen || undefined} onClick={() => onChoose(one)}>
          {name}
        </button>
      ))}
    </fieldset>
  )
}
