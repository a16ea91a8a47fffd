import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { Popover } from './popover.tsx'

type Props = {
  /** What the button is called. */
  name: string
  icon?: IconName
  pressed?: boolean
  /** @param done has the menu close before what a line does */
  children: (done: (work: () => unknown) => () => void) => ReactNode
}

/** A small button of an icon alone, with a menu beside it. */
export function IconMenu({ name, icon = 'more', pressed, children }: Props) {
  return (
    <Popover
      label={<Icon name={icon} />}
      name={name}
      pressed={pressed}
      size="small"
      tone="plain"
      iconOnly
      arrow={false}
    >
      {(close) => children((work) => () => void (close(), work()))}
    </Popover>
  )
}
