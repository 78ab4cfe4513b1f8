using System.Text.Json;
using SpendGuard.Conversations;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Reads what is asked for: model, input, output cap, extras.</summary>
internal sealed class CallReader(TablesInForce tables, SidecarSettings settings)
{
    /// <summary>A call as it came in, of which nothing has been read yet.</summary>
    public Call Take(HttpContext context, ProviderRoute route, Caller caller, JsonElement body, ILogger logger) => new()
    {
        Route = route,
        Caller = caller,
        Body = body,
        Headers = context.Request.Headers,
        NamedModel = ProviderRoute.ModelNamed(context),
        Counters = Admission.Of(context).Engine.TokenCounters,
        Prices = Admission.Of(context).Engine.Prices.Current,
        Policy = settings.FieldPolicy,
        Tables = tables.Current,
        Logger = logger,
    };

    /// <summary>The call with all that moves its cost.</summary>
    /// <exception cref="BadRequestException">It is not of its format, or has something in it without a cost bound.</exception>
    public static Call Read(Call taken)
    {
        var call = taken.Dialect.Read(taken);
        return call with
        {
            Fingerprint = FingerprintOf(call),
            Shape = call.Shape with { ResidencyFactor = call.Shape.ResidencyFactor * call.Route.Provider.ResidencyFactor },
        };
    }

    /// <summary>Calls are counted within a run alone.</summary>
    private static CallFingerprint? FingerprintOf(Call call) =>
        (call.Caller.Run is not null ? call.Dialect.Conversation(call) : null) is { } conversation ? ConversationEnd.FingerprintOf(call.Model, conversation) : (CallFingerprint?)null;
}
