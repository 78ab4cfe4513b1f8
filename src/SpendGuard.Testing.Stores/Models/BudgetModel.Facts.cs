using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <content>What has happened.</content>
internal sealed partial class BudgetModel
{
    private abstract record Fact;

    private sealed record Grant(AgentId Agent, long Delta, long Limit, int? Max, int? Share, string? Key, (long, long, int?, int?) Wish) : Fact;

    private sealed record Hold(
        ReservationId Id, AgentId Agent, RunId? Run, string? Model, long Floor, long Ceiling, long Amount, DateTimeOffset ExpiresAt,
        int? Requests, string? Cards) : Fact;

    private sealed record Ending(ReservationId Id, ReservationEnd How, long Charge) : Fact;

    private sealed record Cut(AgentId Agent, long Amount) : Fact;

    private sealed record Naming(ReservationId Id, string As) : Fact;

    private sealed record Extension(ReservationId Id, DateTimeOffset To) : Fact;
}
