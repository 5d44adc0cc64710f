import { defineConfig } from "vite";
import { entry } from "../vite.shared";

export default defineConfig(entry("console"));
