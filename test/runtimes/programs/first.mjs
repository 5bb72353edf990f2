import './telemetry.mjs';
import './main.mjs';
