import type { Account, Device, OrganizationSummary, Person } from "$shared/types/protocol";

/** An id that is easy to tell in a test: `fakeId("c", 12)`. */
export function fakeId(kind: string, number: number): string {
  const first = kind.charCodeAt(0).toString(16).padStart(8, "0");
  return `${first}-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

const technician = (number: number, name: string, role: Person["role"] = "technician"): Person => ({
  id: fakeId("t", number),
  name,
  role,
});

export const TESS = technician(1, "Tess Berg");
export const OMAR = technician(2, "Omar Haddad", "admin");
export const TECHNICIANS = [TESS, OMAR];

export const TESS_ACCOUNT: Account = { ...TESS, email: "tess.berg@deskbell.example" };

export const HARBOUR: OrganizationSummary = { id: fakeId("o", 1), name: "Harbour & Finch" };
export const KITE: OrganizationSummary = { id: fakeId("o", 2), name: "Blue Kite Logistics" };

export interface FakeRequester {
  person: Person;
  organization: OrganizationSummary;
  device: Device | null;
}

function requester(
  number: number,
  name: string,
  organization: OrganizationSummary,
  device: Partial<Device> | null,
): FakeRequester {
  const whole = device && {
    id: fakeId("d", number),
    name: "",
    kind: "other" as const,
    model: null,
    serial: null,
    ...device,
  };
  return { person: { id: fakeId("r", number), name, role: "requester" }, organization, device: whole };
}

export const ANA = requester(1, "Ana Silva", HARBOUR, {
  name: "HF-LT-0142",
  kind: "laptop",
  model: "ThinkPad T14 Gen 5",
  serial: "PF4X9K2M",
});
export const BEN = requester(2, "Ben Okafor", HARBOUR, {
  name: "HF-PRN-03",
  kind: "printer",
  model: "LaserJet M507",
});
export const CARLA = requester(3, "Carla Jensen", KITE, {
  name: "BK-DT-07",
  kind: "desktop",
  model: "OptiPlex 7020",
});
export const DEV = requester(4, "Dev Patel", KITE, null);
export const REQUESTERS = [ANA, BEN, CARLA, DEV];
