using System.Globalization;
using System.Text.Json.Serialization;
using SpendGuard.Sidecar.Control;
using SpendGuard.Sidecar.Models;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Models as Anthropic's API lists them: in pages, before or after a model that is known.</summary>
internal sealed class AnthropicModelForm : IModelForm
{
    private const int DefaultLimit = 20;
    private const int MostAtOnce = 1_000;

    public IResult List(IReadOnlyList<CallableModel> models, IQueryCollection query)
    {
        var limit = (int)PageQuery.Number("limit", query["limit"], DefaultLimit, least: 1, most: MostAtOnce);
        var (after, before) = (query["after_id"].ToString(), query["before_id"].ToString());
        var asked = models
            .Where(model => string.CompareOrdinal(model.Name, after) > 0)
            .Where(model => before.Length == 0 || string.CompareOrdinal(model.Name, before) < 0)
            .ToList();

        // Before a model, the page is the one that ends at it.
        var page = before.Length > 0 ? asked.TakeLast(limit).ToList() : asked.Take(limit).ToList();
        var body = new AnthropicModelList(
            [.. page.Select(AnthropicModelBody.Of)], page.FirstOrDefault()?.Name, page.Count < asked.Count, page.LastOrDefault()?.Name);
        return TypedResults.Json(body, AnthropicModelJson.Default.AnthropicModelList);
    }

    public IResult One(CallableModel model) => TypedResults.Json(AnthropicModelBody.Of(model), AnthropicModelJson.Default.AnthropicModelBody);
}

internal sealed record AnthropicModelList(
    [property: JsonPropertyName("data")] IReadOnlyList<AnthropicModelBody> Data,
    [property: JsonPropertyName("first_id")] string? FirstId,
    [property: JsonPropertyName("has_more")] bool HasMore,
    [property: JsonPropertyName("last_id")] string? LastId);

/// <summary>A model as far as it is known here; what only the provider knows is left open, in the way that its API has for that.</summary>
/// <param name="Type">Always <c>model</c>.</param>
/// <param name="Id">The provider's name for the model.</param>
/// <param name="DisplayName">The same.</param>
/// <param name="CreatedAt">The date of its price.</param>
/// <param name="MaxInputTokens">The most input that it takes.</param>
/// <param name="MaxTokens">The most output that it gives.</param>
/// <param name="Lifecycle">That it can be called.</param>
internal sealed record AnthropicModelBody(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("display_name")] string DisplayName,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("max_input_tokens")] long? MaxInputTokens,
    [property: JsonPropertyName("max_tokens")] long? MaxTokens,
    [property: JsonPropertyName("lifecycle")] string Lifecycle)
{
    /// <summary>What it can do is not known here.</summary>
    [JsonPropertyName("capabilities")]
    public string? Capabilities => null;

    [JsonPropertyName("line")]
    public string? Line => null;

    [JsonPropertyName("deprecated_at")]
    public string? DeprecatedAt => null;

    [JsonPropertyName("retires_at")]
    public string? RetiresAt => null;

    public static AnthropicModelBody Of(CallableModel model) => new(
        "model",
        model.Name,
        model.Name,
        model.PricedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        model.MaxInputTokens,
        model.MaxOutputTokens,
        "active");
}

[JsonSerializable(typeof(AnthropicModelList))]
internal sealed partial class AnthropicModelJson : JsonSerializerContext;
