using System.Text.Json;

namespace SpendGuard.Cli.Runs.Recipes;

/// <summary>The recipes that ship with the command, and which of them is for a command line.</summary>
internal sealed class RecipeBook(RecipeDocument document)
{
    private const string Resource = "recipes.json";

    /// <summary>Options of the runners that are followed by a value.</summary>
    private static readonly string[] ValueOptions = ["-p", "--package", "--from", "--with", "--spec", "--python"];

    private static readonly string[] Endings = [".exe", ".cmd", ".bat", ".ps1"];

    public RecipeDocument Document => document;

    public static RecipeBook Read()
    {
        using var stream = typeof(RecipeBook).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource '{Resource}' is not in this build.");
        return new RecipeBook(JsonSerializer.Deserialize(stream, RecipeJson.Default.RecipeDocument)!);
    }

    /// <summary>The recipe of a command line, and after how many of its words the program's own arguments begin.</summary>
    public (Recipe Recipe, int Arguments) Find(IReadOnlyList<string> command)
    {
        var name = NameOf(command[0]);
        if (document.Runners.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            var at = 1;
            while (at < command.Count && command[at].StartsWith('-'))
            {
                at += ValueOptions.Contains(command[at], StringComparer.Ordinal) ? 2 : 1;
            }

            if (at < command.Count && ByPackage(command[at]) is { } packed)
            {
                return (packed, at + 1);
            }
        }

        var known = document.Programs.FirstOrDefault(recipe => recipe.Commands.Contains(name, StringComparer.OrdinalIgnoreCase));
        return (known ?? document.General with { Name = name }, 1);
    }

    /// <summary>The name of a command, without its folder and ending.</summary>
    public static string NameOf(string command)
    {
        var name = command[(command.LastIndexOfAny(['/', '\\']) + 1)..];
        var ending = Endings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return ending is null || name.Length == ending.Length ? name : name[..^ending.Length];
    }

    private Recipe? ByPackage(string package)
    {
        var version = package.IndexOf('@', 1);
        var name = version > 0 ? package[..version] : package;
        return document.Programs.FirstOrDefault(recipe => recipe.Packages.Contains(name, StringComparer.Ordinal) || recipe.Commands.Contains(name, StringComparer.Ordinal));
    }
}
