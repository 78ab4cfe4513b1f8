using SpendGuard.Budgets;

namespace SpendGuard.Telemetry;

/// <summary>The few words that spans and metrics have for how a call ended.</summary>
internal static class Outcome
{
    public const string Attribute = "spendguard.outcome";
    public const string Refused = "refused";
    public const string Expired = "expired";
    public const string Uncommitted = "uncommitted";
    public const string Insufficient = "insufficient";
    public const string Locked = "locked";
    public const string Paused = "paused";
    public const string StoreUnavailable = "store_unavailable";

    public static string Of(ReservationEnd end) => end switch
    {
        ReservationEnd.Settled => "settled",
        ReservationEnd.Released => "released",
        ReservationEnd.Forfeited => "forfeited",
        _ => "open",
    };

    /// <summary>Why a call was not reserved.</summary>
    public static string ReasonOf(Exception refusal) => refusal switch
    {
        InsufficientBudgetException => Insufficient,
        BudgetLockedException => Locked,
        BudgetNotFoundException => "no_budget",
        NodePausedException => Paused,
        UnknownModelException => "unknown_model",
        PricesExpiredException => "prices_expired",
        UnboundedCostException => "unbounded",
        IdConflictException => "id_conflict",
        StoreUnavailableException => StoreUnavailable,
        OperationCanceledException => "cancelled",
        _ => "other",
    };
}
