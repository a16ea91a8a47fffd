import '@lahko/style/tokens.css'
import '@lahko/style/base.css'
import '@lahko/style/components.css'
import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/source-serif-4/index.css'
import './features/shell/features.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queries } from './platform/api.ts'
import { keepFocus } from './platform/keep-focus.ts'
import { speak } from './platform/words.ts'
import { router } from './routes.tsx'

await speak()
keepFocus()
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
