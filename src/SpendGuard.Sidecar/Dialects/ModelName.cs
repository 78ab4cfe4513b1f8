using System.Text.Json;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The name of the model that a request calls.</summary>
internal static class ModelName
{
    /// <summary>The name in a body.</summary>
    /// <exception cref="BadRequestException">There is none.</exception>
    public static string In(JsonElement body) => body.FindString("model") is { Length: > 0 } model && !string.IsNullOrWhiteSpace(model)
        ? model
        : throw new BadRequestException("'model' is missing. Name the model to call.");

    /// <summary>A name that becomes part of a provider's address.</summary>
    /// <exception cref="BadRequestException">It would be more than a name there.</exception>
    public static string InAddress(string model) => model.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
        ? model
        : throw new BadRequestException("A model's name has only letters, digits, '-', '_' and '.'.");
}
