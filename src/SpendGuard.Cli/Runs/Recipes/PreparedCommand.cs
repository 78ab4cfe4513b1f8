using System.Text.Encodings.Web;
using System.Text.Json;

namespace SpendGuard.Cli.Runs.Recipes;

/// <summary>A command line with what its recipe adds, for one run.</summary>
internal sealed class PreparedCommand
{
    private readonly (string Placeholder, string Value)[] _values;

    /// <param name="recipe">The recipe.</param>
    /// <param name="command">The command line.</param>
    /// <param name="ownArguments">After how many of its words the program's own arguments begin.</param>
    /// <param name="origin">The sidecar's address, without a slash at the end.</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="folder">A folder that nobody else reads.</param>
    public PreparedCommand(Recipe recipe, IReadOnlyList<string> command, int ownArguments, string origin, string key, string folder)
    {
        _values = [("{origin}", origin), ("{key}", key), ("{folder}", folder)];
        var given = command.Skip(ownArguments).TakeWhile(argument => argument != "--");
        OwnOption = recipe.Unless.FirstOrDefault(option => given.Any(argument => argument == option || argument.StartsWith(option + "=", StringComparison.Ordinal)));
        var added = OwnOption is null ? recipe.Arguments.Select(Text) : [];
        Arguments = [.. command.Take(ownArguments).Skip(1), .. added, .. command.Skip(ownArguments)];
        var environment = recipe.Environment.ToDictionary(variable => variable.Key, variable => Value(variable.Value), StringComparer.Ordinal);
        if (recipe.Home is { } home)
        {
            environment[home.Variable] = Home = Path.Combine(folder, "home");
        }

        Environment = environment;
        Files = recipe.Files.ToDictionary(file => Path.Combine(folder, file.Key), file => Json(file.Value), StringComparer.Ordinal);
    }

    /// <summary>The caller's own option that stands in place of the recipe's arguments; null where those are there.</summary>
    public string? OwnOption { get; }

    /// <summary>All but the command itself.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Variables; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; }

    /// <summary>Where the home is that stands for the user's; null where there is none.</summary>
    public string? Home { get; }

    /// <summary>What its files hold, by path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    private string? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => Text(value.GetString()!),
        _ => Json(value),
    };

    private string Text(string text) =>
        _values.Aggregate(text, static (so, value) => so.Replace(value.Placeholder, value.Value, StringComparison.Ordinal));

    // A path may have characters that JSON escapes.
    private string Json(JsonElement value) => _values.Aggregate(
        value.GetRawText(),
        static (so, value) => so.Replace(value.Placeholder, JsonEncodedText.Encode(value.Value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(), StringComparison.Ordinal));
}
