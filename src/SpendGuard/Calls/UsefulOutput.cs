using SpendGuard.Providers;

namespace SpendGuard.Calls;

/// <summary>The least output that a call is made for: with less it is refused in place of being paid for nothing.</summary>
internal static class UsefulOutput
{
    /// <summary>The least that is of use, in tokens: what the caller says, or else more where the model reasons before it answers.</summary>
    public static long Of(ModelCall call, SpendGuardOptions options) =>
        call.LeastUsefulOutputTokens
        ?? (Reasons(call) ? Math.Max(options.LeastReasoningOutputTokens, options.LeastUsefulOutputTokens) : options.LeastUsefulOutputTokens);

    /// <summary>Whether it is more because the model reasons.</summary>
    public static bool IsForReasoning(ModelCall call, SpendGuardOptions options) =>
        call.LeastUsefulOutputTokens is null && options.LeastReasoningOutputTokens > options.LeastUsefulOutputTokens && Reasons(call);

    private static bool Reasons(ModelCall call) => call.Shape.Reasons ?? Vendor.Of(call.Model.Provider).ReasonsWithinCap(call.Model.Model);
}
