using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpendGuard.Cli.Runs.Recipes;

/// <summary>What a program needs so that its calls come here: data, not code.</summary>
/// <remarks>What may be left out can be set, as a generated reader leaves no default to what is only initialised. In texts <c>{origin}</c> stands for the sidecar's address, <c>{key}</c> for the key of the run, <c>{folder}</c> for a private folder.</remarks>
internal sealed record Recipe
{
    /// <summary>What it is called in summaries.</summary>
    public required string Name { get; init; }

    /// <summary>The commands that start it, without an ending.</summary>
    public IReadOnlyList<string> Commands { get; set; } = [];

    /// <summary>The packages that runners such as <c>npx</c> know it by.</summary>
    public IReadOnlyList<string> Packages { get; set; } = [];

    /// <summary>The providers that it can call; any of those that the sidecar knows when empty.</summary>
    public IReadOnlyList<string> Providers { get; set; } = [];

    /// <summary>Variables that it is given: a text, an object that is given as JSON, or null to take the variable away.</summary>
    public IReadOnlyDictionary<string, JsonElement> Environment { get; set; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Arguments that go before the caller's own.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <summary>Options of the caller's own that stand for <see cref="Arguments"/>, which are then left out.</summary>
    public IReadOnlyList<string> Unless { get; set; } = [];

    /// <summary>Files in <c>{folder}</c>, by name, as JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement> Files { get; set; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>A home that stands for the user's own; null where the program needs none.</summary>
    public RecipeHome? Home { get; set; }
}

/// <summary>The user's home as a program sees it that takes settings from there only: all that is in it, with some settings changed.</summary>
internal sealed record RecipeHome
{
    /// <summary>The variable that tells the program where it is; the caller's own value, else the user's home, is what it stands for.</summary>
    public required string Variable { get; init; }

    /// <summary>The program's folder in it.</summary>
    public required string Folder { get; init; }

    /// <summary>The file of settings in that folder, as JSON.</summary>
    public required string File { get; init; }

    /// <summary>What goes over the user's settings.</summary>
    public required JsonElement Settings { get; init; }
}

/// <summary>All recipes.</summary>
internal sealed record RecipeDocument
{
    /// <summary>Variables that open a provider's account, and never reach a program.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>Other names that a provider's key is found under, by the sidecar's own name for it.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Aliases { get; init; }

    /// <summary>Commands that start a package by its name.</summary>
    public required IReadOnlyList<string> Runners { get; init; }

    /// <summary>What every program is given, and all that an unknown one is.</summary>
    public required Recipe General { get; init; }

    public required IReadOnlyList<Recipe> Programs { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RecipeDocument))]
internal sealed partial class RecipeJson : JsonSerializerContext;
