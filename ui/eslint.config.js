import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** Nothing that turns a string into markup or code: what people write is shown as text only. */
const strings = ["innerHTML", "outerHTML", "insertAdjacentHTML", "createContextualFragment", "srcdoc"];

export default ts.config(
  { ignores: ["dist/", "node_modules/", "shared/types/", "shared/text/keys.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": [
        "error",
        ...strings.map((property) => ({ property, message: "Show text as text: no markup from strings." })),
        { object: "document", property: "write", message: "Show text as text." },
        { object: "document", property: "writeln", message: "Show text as text." },
      ],
      "no-undef": "off",
      "svelte/no-at-html-tags": "error",
      // The CSP blocks style attributes; `style:` sets properties by script, which it allows.
      "no-restricted-syntax": [
        "error",
        { selector: "SvelteAttribute[key.name='style']", message: "Use a class or a style: directive." },
      ],
      "no-control-regex": "off",
      "svelte/button-has-type": "error",
      "svelte/no-target-blank": "error",
      "svelte/no-navigation-without-resolve": "off",
      "svelte/prefer-svelte-reactivity": "off",
      eqeqeq: ["error", "always"],
    },
  },
);
