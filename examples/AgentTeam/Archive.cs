using System.ComponentModel;
using System.Text;

namespace SpendGuard.Examples.AgentTeam;

/// <summary>What the two workers search. All that it finds is input of every call that follows.</summary>
internal static class Archive
{
    [Description("Searches the archive and returns the entries found.")]
    public static string Search([Description("What to search for.")] string query)
    {
        var found = new StringBuilder();
        for (var i = 1; i <= 10; i++)
        {
            found.Append($"[{i}] On {query}: of every hundred spent in a house, so many went to food, so many to rent, ")
                .Append("and what was left at the end of the month went into a jar that nobody counted. ");
        }

        return found.ToString();
    }
}
