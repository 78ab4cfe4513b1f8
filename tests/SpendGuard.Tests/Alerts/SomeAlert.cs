using SpendGuard.Alerts;

namespace SpendGuard.Tests.Alerts;

/// <summary>Alerts to deliver.</summary>
internal static class SomeAlert
{
    public static Alert Of(string id = "evt_1", DateTimeOffset? at = null) => new()
    {
        Id = id,
        Kind = AlertKind.LimitThreshold,
        At = at ?? new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero),
        Node = "team-red",
        Limit = "month",
        Percent = 80,
        Granted = Money.FromDollars(500),
        Spent = Money.FromMicrocents(40_000_000_001),
        Held = Money.FromDollars(12),
        Agent = new AgentId("researcher"),
    };
}
