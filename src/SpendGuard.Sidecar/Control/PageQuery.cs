using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control;

/// <summary>What a route that answers in pages is asked: after what, and how much.</summary>
internal static class PageQuery
{
    private const int DefaultLimit = 100;
    private const int MostAtOnce = 1_000;

    /// <summary>How long a page may be.</summary>
    public static int Limit(string? limit) => (int)Number("limit", limit, DefaultLimit, least: 1, most: MostAtOnce);

    /// <summary>A number of the query; its default when it is not there.</summary>
    /// <exception cref="BadRequestException">It is no number, or out of range.</exception>
    public static long Number(string name, string? text, long fallback, long least, long most) =>
        string.IsNullOrEmpty(text) ? fallback
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new BadRequestException(most == long.MaxValue
            ? $"'{name}' has to be a whole number of at least {least}."
            : $"'{name}' has to be a whole number from {least} to {most}.");

    /// <summary>They are read as text, so that a wrong one is answered with a sentence; they are described as what they are.</summary>
    public static RouteHandlerBuilder DescribePage(this RouteHandlerBuilder route, string after, OpenApiSchema afterIs) =>
        route.DescribePage("after", after, afterIs);

    /// <inheritdoc cref="DescribePage(RouteHandlerBuilder, string, OpenApiSchema)"/>
    public static RouteHandlerBuilder DescribePage(this RouteHandlerBuilder route, string name, string place, OpenApiSchema placeIs) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            {
                (parameter.Description, parameter.Schema) = parameter.Name switch
                {
                    _ when parameter.Name == name => (place, placeIs),
                    "limit" => ("The most to return.", Whole(DefaultLimit, 1, MostAtOnce)),
                    _ => (parameter.Description, parameter.Schema),
                };
            }

            return Task.CompletedTask;
        });

    public static OpenApiSchema Whole(long fallback, int least, int? most) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Default = JsonValue.Create(fallback),
        Minimum = least.ToString(CultureInfo.InvariantCulture),
        Maximum = most?.ToString(CultureInfo.InvariantCulture),
    };
}
