using System.Text.Json.Serialization;
using SpendGuard.Sidecar.Control;
using SpendGuard.Sidecar.Models;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Models as Gemini's API lists them: in pages, each with a token of the next.</summary>
internal sealed class GeminiModelForm : IModelForm
{
    private const int DefaultSize = 50;
    private const int MostAtOnce = 1_000;

    public IResult List(IReadOnlyList<CallableModel> models, IQueryCollection query)
    {
        // The API takes whatever size for its own most, and zero for no wish.
        var asked = PageQuery.Number("pageSize", query["pageSize"], fallback: 0, least: 0, most: int.MaxValue);
        var size = asked == 0 ? DefaultSize : (int)Math.Min(asked, MostAtOnce);
        var token = query["pageToken"].ToString();
        var rest = models.Where(model => string.CompareOrdinal(model.Name, token) > 0).ToList();
        var page = rest.Take(size).ToList();
        var body = new GeminiModelList([.. page.Select(GeminiModelBody.Of)], page.Count < rest.Count ? page[^1].Name : null);
        return TypedResults.Json(body, GeminiModelJson.Default.GeminiModelList);
    }

    public IResult One(CallableModel model) => TypedResults.Json(GeminiModelBody.Of(model), GeminiModelJson.Default.GeminiModelBody);
}

internal sealed record GeminiModelList(
    [property: JsonPropertyName("models")] IReadOnlyList<GeminiModelBody> Models,
    [property: JsonPropertyName("nextPageToken")] string? NextPageToken);

/// <param name="Name">The model as a resource.</param>
/// <param name="DisplayName">The provider's name for it.</param>
/// <param name="InputTokenLimit">The most input that it takes.</param>
/// <param name="OutputTokenLimit">The most output that it gives.</param>
/// <param name="SupportedGenerationMethods">What it can be called with here.</param>
internal sealed record GeminiModelBody(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("displayName")] string DisplayName,
    [property: JsonPropertyName("inputTokenLimit")] long? InputTokenLimit,
    [property: JsonPropertyName("outputTokenLimit")] long? OutputTokenLimit,
    [property: JsonPropertyName("supportedGenerationMethods")] IReadOnlyList<string> SupportedGenerationMethods)
{
    private static readonly string[] Embeds = ["embedContent", "batchEmbedContents", "countTokens"];
    private static readonly string[] Generates = ["generateContent", "streamGenerateContent", "countTokens"];

    public static GeminiModelBody Of(CallableModel model) => new(
        "models/" + model.Name,
        model.Name,
        model.MaxInputTokens,
        model.MaxOutputTokens,
        model.Name.Contains("embedding", StringComparison.Ordinal) ? Embeds : Generates);
}

/// <summary>As the API does, what is not known is left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GeminiModelList))]
internal sealed partial class GeminiModelJson : JsonSerializerContext;
