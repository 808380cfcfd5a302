import { expect, test } from "vitest";
import { agentInWords } from "./agents";

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    "Chrome 131 on Windows",
  ],
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/153.0.0.0 Safari/537.36`,
    "Chrome 153 on Linux",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2`,
    "Edge 131 on Windows",
  ],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 14541) ${webkit} Chrome/130.0.0.0 Safari/537.36`,
    "Chrome 130 on ChromeOS",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Firefox 132 on macOS",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Safari 18 on macOS",
  ],
  ["Mozilla/5.0 (something else)", "A browser"],
])("%s is a computer", (agent, words) => {
  expect(agentInWords(agent)).toEqual({ words, kind: "computer" });
});

test.each([
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Safari 18 on iPhone",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1",
    "Chrome 131 on iPhone",
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`,
    "Chrome 131 on Android",
  ],
  [
    `Mozilla/5.0 (Linux; Android 14) ${webkit} SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36`,
    "Samsung Internet 27 on Android",
  ],
])("%s is a phone", (agent, words) => {
  expect(agentInWords(agent)).toEqual({ words, kind: "phone" });
});

test.each([
  ["curl/8.5.0", "curl 8.5.0"],
  ["python-httpx/0.28.1", "python-httpx 0.28.1"],
  ["my-bot", "my-bot"],
])("%s is a program", (agent, words) => {
  expect(agentInWords(agent)).toEqual({ words, kind: "program" });
});

test("what is missing or hides something is shown plainly", () => {
  expect(agentInWords(null)).toEqual({ words: "Unknown device", kind: "unknown" });
  expect(agentInWords("\u202e\u0007")).toEqual({ words: "Unknown device", kind: "unknown" });
  expect(agentInWords(`evil\u202e${"x".repeat(100)}`).words).toHaveLength(60);
});
