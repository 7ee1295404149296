import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Who may know whom. A layer is one flat folder; it imports itself, the layers and the packages named here,
 * and nothing else. `app` and `main.tsx` put the layers together and may know them all.
 */
const layers = [
  { folder: 'cart', layers: [], packages: [] },
  { folder: 'catalog', layers: [], packages: ['react'] },
  { folder: 'sync', layers: ['cart'], packages: [] },
  { folder: 'store', layers: ['sync/port'], packages: [] },
  { folder: 'features/products', layers: ['catalog'], packages: ['react'] },
  { folder: 'features/basket', layers: ['cart', 'catalog'], packages: ['react'] },
  { folder: 'features/status', layers: ['sync'], packages: ['react'] },
  { folder: 'cluster', layers: [], packages: [] },
  { folder: 'watch', layers: ['cluster'], packages: [] },
  { folder: 'features/members', layers: ['cluster'], packages: ['react'] },
  { folder: 'features/toasts', layers: ['catalog', 'sync'], packages: ['react'] },
];

const NOTHING = '$^';

function boundary(layer) {
  const up = '\\.\\./'.repeat(layer.folder.split('/').length);
  const known = layer.layers.map((name) => `${up}${name}(/|$)`).join('|') || NOTHING;
  const packages = layer.packages.map((name) => `${name}(/|$)`).join('|') || NOTHING;
  const named = [...layer.layers, ...layer.packages].join(', ') || 'nothing';
  const message = `src/${layer.folder} may import, besides itself: ${named}.`;
  return {
    files: [`src/${layer.folder}/**/*.{ts,tsx}`],
    ignores: ['**/*.test.{ts,tsx}', '**/*.test-kit.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: `^(?!${known})\\.\\./`, message },
            { regex: `^(?!\\.)(?!${packages})`, message },
          ],
        },
      ],
    },
  };
}

/** Time and chance are inputs of the pure layers; the shells (`session.ts`, `watch.ts`) receive them as ports. */
const pure = {
  files: ['src/cart/**/*.ts', 'src/sync/**/*.ts', 'src/cluster/**/*.ts'],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...['window', 'document', 'localStorage', 'fetch', 'crypto', 'setTimeout', 'setInterval', 'navigator'],
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Math', property: 'random' },
      { object: 'Date', property: 'now' },
    ],
  },
};

export default tseslint.config(
  { ignores: ['dist/', 'target/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Text only: carts are untrusted.',
        },
        { selector: "JSXAttribute[name.name='style']", message: 'Styles live in the style sheets.' },
      ],
    },
  },
  ...layers.map(boundary),
  pure,
  {
    files: ['browser-test/**/*.mjs', 'nginx/**/*.mjs', '*.config.{js,ts}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'Buffer',
          'URL',
          'setTimeout',
          'clearTimeout',
          'performance',
          'fetch',
          'document',
          'window',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
