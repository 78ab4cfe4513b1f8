using System.Text;

namespace SpendGuard.Cli.Runs.Children;

/// <summary>
/// The command line that starts a <c>.cmd</c> file, which npm makes on Windows for every program. Only the command interpreter runs one, and
/// it gives a meaning to signs that to a program are signs like others.
/// </summary>
internal static class CommandShim
{
    private const string Meta = "()[]%!^\"`<>&|;, *?";

    public static bool IsOne(string file) =>
        file.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".bat", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the interpreter is given, so that the program gets the arguments to the letter.</summary>
    /// <exception cref="ArgumentException">An argument has a line break, which ends the interpreter's command.</exception>
    public static string Arguments(string file, IEnumerable<string> arguments)
    {
        var line = new StringBuilder(Escape(file));
        foreach (var argument in arguments)
        {
            if (argument.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                throw new ArgumentException("An argument has a line break, and a .cmd file cannot be given one. Give the text in a file, or on the standard input.", nameof(arguments));
            }

            // Read twice: by the interpreter for this line, and by it again for the line in the file.
            line.Append(' ').Append(Escape(Escape(Quote(argument))));
        }

        return $"/d /s /v:off /c \"{line}\"";
    }

    /// <summary>As the runtime of C reads it: quotes and what is before them have backslashes.</summary>
    private static string Quote(string argument)
    {
        var quoted = new StringBuilder("\"");
        var slashes = 0;
        foreach (var sign in argument)
        {
            if (sign == '"')
            {
                quoted.Append('\\', slashes + 1);
            }

            slashes = sign == '\\' ? slashes + 1 : 0;
            quoted.Append(sign);
        }

        return quoted.Append('\\', slashes).Append('"').ToString();
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length * 2);
        foreach (var sign in text)
        {
            if (Meta.Contains(sign, StringComparison.Ordinal))
            {
                escaped.Append('^');
            }

            escaped.Append(sign);
        }

        return escaped.ToString();
    }
}
