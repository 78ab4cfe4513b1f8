using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>By which name a batch's hold is found.</summary>
internal static class BatchName
{
    private const int LongestId = 200;

    /// <summary>The name of a provider's batch.</summary>
    public static string Of(string provider, string id) => $"{provider}:batch:{id}";

    /// <summary>Whether a text can be an id: nothing in it can lead elsewhere in an address.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= LongestId && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    /// <summary>The batch that a request names, if it is its caller's.</summary>
    /// <exception cref="BadRequestException">The caller has no such batch, whether or not another has.</exception>
    public static async ValueTask<(string Id, Reservation Batch)> FindAsync(HttpContext context, ProviderRoute route)
    {
        var caller = Caller.Of(context);
        var id = context.GetRouteValue("batch") as string ?? "";
        return IsId(id) && await Admission.Of(context).Engine.FindBatchAsync(caller.Agent, Of(route.Provider.Name, id), context.RequestAborted) is { } batch
            ? (id, batch)
            : throw NotFound.Batch(caller.Agent);
    }
}
