using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>What OpenAI's wire formats have in common.</summary>
internal static class OpenAIRequest
{
    /// <exception cref="BadRequestException">The model's name is missing.</exception>
    public static ModelKey ModelKey(Call call) => new(call.Provider, ModelName.In(call.Body));

    /// <summary>Whether the model is told to reason; null where it is not told not to, and does as it does by itself.</summary>
    /// <param name="effort">How much it is told to reason.</param>
    public static bool? Reasons(JsonElement? effort) => effort is { ValueKind: JsonValueKind.String } told && told.ValueEquals("none") ? false : null;

    /// <summary>The tier to price: left out, a request may be served at the dearer one that the project is set to, so it is pinned.</summary>
    public static string? ServiceTier(Call call) => call.Body.FindString("service_tier") switch
    {
        null or "auto" or "default" => null,
        var tier => tier,
    };

    /// <summary>Writes the tier that is priced; none for a request of a batch, which has but one.</summary>
    public static void WriteServiceTier(Utf8JsonWriter writer, Call call)
    {
        if (call.Shape.ServiceTier == Pricing.ServiceTier.Batch)
        {
            return;
        }

        if (ServiceTier(call) is { } asked)
        {
            writer.WriteString("service_tier", asked);
        }
        else if (call.Provider is "openai")
        {
            writer.WriteString("service_tier", "default");
        }
    }

    /// <summary>Adds what cannot be seen here. Only of OpenAI it is known that it adds nothing but input: others search what is stored, for a fee.</summary>
    /// <exception cref="BadRequestException">Another provider is called.</exception>
    public static void AddStored(InputBound bound, string provider, string name)
    {
        if (provider is not "openai")
        {
            throw new BadRequestException($"The call was refused: what {provider} adds for {name} has no bound. Leave it out.");
        }

        bound.AddUnseen(name);
    }
}
