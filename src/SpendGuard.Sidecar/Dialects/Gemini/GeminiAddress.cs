using System.Text.Json;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The model of a call, which its address names.</summary>
internal static class GeminiAddress
{
    /// <param name="call">The call.</param>
    /// <param name="request">The body, or a request in it, which may name the model again.</param>
    /// <exception cref="BadRequestException">There is none, or the request names another.</exception>
    public static ModelKey ModelOf(Call call, JsonElement request)
    {
        var model = call.NamedModel ?? throw new BadRequestException("'model' is missing. Name the model to call.");
        if (request.FindTextField("model") is { } named && named != model && named != "models/" + model)
        {
            throw new BadRequestException($"'model' is '{named}', but the path names '{model}'. Leave it out of the body.");
        }

        return new ModelKey(call.Provider, model);
    }
}
