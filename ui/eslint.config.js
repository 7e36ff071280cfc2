import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist/', 'dist-township/', 'township/public/', 'node_modules/', 'src/ipc/types.ts', 'src/ipc/commands.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    // The kit's controls get their label's id from Field, which the rule cannot see; axe looks at the real page.
    files: ['src/shared/kit/*.vue'],
    rules: { 'vuejs-accessibility/form-control-has-label': 'off' },
  },
  {
    rules: {
      // Types are vue-tsc's business.
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-ignore': true, 'ts-expect-error': true, 'ts-nocheck': true }],
      // A record's text is never markup, and the page's policy allows no inline style.
      'vue/no-v-html': 'error',
      'vue/no-restricted-static-attribute': ['error', { key: 'style', message: 'No inline styles: use a class.' }],
      // A control finds its label by `for`; the kit's own controls carry it.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] }, allowChildren: true }],
      'vue/multi-word-component-names': 'off',
      'vue/no-reserved-component-names': 'off',
      'vue/require-default-prop': 'off',
      // Layout of the text is nobody's quarrel here.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
    },
  },
)
