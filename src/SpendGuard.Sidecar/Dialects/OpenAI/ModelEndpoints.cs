using System.Text.Json.Serialization;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>Lists the models of a provider in OpenAI's format.</summary>
/// <remarks>
/// No provider is asked: the list is of the models that have a price in force, which are those that can be called. A model that the
/// provider has and the price book has not would be refused.
/// </remarks>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes, string prefix, string provider) =>
        routes.MapGet(prefix + "/models", context => AnswerAsync(context, provider)).Allow(AccessRule.Use);

    private static Task AnswerAsync(HttpContext context, string provider)
    {
        var services = context.RequestServices;
        var book = services.GetRequiredService<Prices>().Current;
        var now = (services.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow();
        return context.Response.WriteAsJsonAsync(
            List(book, provider, now), ModelJson.Default.ModelList, cancellationToken: context.RequestAborted);
    }

    private static ModelList List(PriceBook book, string provider, DateTimeOffset now)
    {
        var models = book.Models
            .Where(model => model.Provider == provider && book.Contains(model, now))
            .OrderBy(model => model.Model, StringComparer.Ordinal)
            .Select(model => new ListedModel(model.Model, "model", PricedAt(model), provider));
        return new ModelList("list", [.. models]);

        long PricedAt(ModelKey model) => (book.Find(model, now, now)[0].EffectiveFrom ?? book.GeneratedAt).ToUnixTimeSeconds();
    }
}

internal sealed record ModelList(
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("data")] IReadOnlyList<ListedModel> Data);

/// <param name="Id">The provider's name for the model.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">The date of its price, in seconds since 1970.</param>
/// <param name="OwnedBy">The provider.</param>
internal sealed record ListedModel(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("created")] long Created,
    [property: JsonPropertyName("owned_by")] string OwnedBy);

[JsonSerializable(typeof(ModelList))]
internal sealed partial class ModelJson : JsonSerializerContext;
