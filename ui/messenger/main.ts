import "$shared/theme/tokens.css";
import "$shared/theme/base.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("window");
if (target) mount(App, { target });
