"""How it went: CES, CSAT and NPS, KPIs, knowledge gaps, journeys and alerts."""
