using System.Text.Json.Serialization;
using SpendGuard.Sidecar.Models;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>Models as OpenAI's API lists them: all at once.</summary>
internal sealed class OpenAIModelForm : IModelForm
{
    public IResult List(IReadOnlyList<CallableModel> models, IQueryCollection query) =>
        TypedResults.Json(new OpenAIModelList("list", [.. models.Select(OpenAIModelBody.Of)]), OpenAIModelJson.Default.OpenAIModelList);

    public IResult One(CallableModel model) => TypedResults.Json(OpenAIModelBody.Of(model), OpenAIModelJson.Default.OpenAIModelBody);
}

internal sealed record OpenAIModelList(
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("data")] IReadOnlyList<OpenAIModelBody> Data);

/// <param name="Id">The provider's name for the model.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">The date of its price, in seconds since 1970.</param>
/// <param name="OwnedBy">The provider.</param>
internal sealed record OpenAIModelBody(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("created")] long Created,
    [property: JsonPropertyName("owned_by")] string OwnedBy)
{
    public static OpenAIModelBody Of(CallableModel model) => new(model.Name, "model", model.PricedAt.ToUnixTimeSeconds(), model.Key.Provider);
}

[JsonSerializable(typeof(OpenAIModelList))]
internal sealed partial class OpenAIModelJson : JsonSerializerContext;
