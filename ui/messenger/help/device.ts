import Laptop from "@lucide/svelte/icons/laptop";
import Monitor from "@lucide/svelte/icons/monitor";
import Package from "@lucide/svelte/icons/package";
import Printer from "@lucide/svelte/icons/printer";
import Smartphone from "@lucide/svelte/icons/smartphone";
import Tablet from "@lucide/svelte/icons/tablet";
import type { DeviceKind } from "$shared/types/protocol";

/** The picture of each kind of device. */
export const DEVICE_ICONS = {
  laptop: Laptop,
  desktop: Monitor,
  phone: Smartphone,
  tablet: Tablet,
  printer: Printer,
  other: Package,
} satisfies Record<DeviceKind, unknown>;
